"""The wire contract for those who do not read Python: AsyncAPI 3.0 and JSON Schemas.

All of it is generated from the structs, their docstrings and the settings' defaults; the files in
`deploy/contract/` are checked against that by `make lint`.
"""

from __future__ import annotations

from streams.contract.files import VERSION, contract_files

__all__ = ["VERSION", "contract_files"]
