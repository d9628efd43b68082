"""What the service is worth: beside what a user would write instead, and beside the limits."""
