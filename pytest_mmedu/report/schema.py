"""报告的格式说明 | The published JSON schema of a report, made from the dataclasses.

`python -m pytest_mmedu.report.schema` writes it anew after a change.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pytest_mmedu.report.report import adapter

SCHEMA_FILE = Path(__file__).with_name("report.schema.json")


def schema() -> dict[str, Any]:
    """The schema as the installed pydantic words it."""
    made = adapter().json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def schema_text() -> str:
    return json.dumps(schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
