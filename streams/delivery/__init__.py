"""How alerts reach those who subscribe: the page, webhooks."""
