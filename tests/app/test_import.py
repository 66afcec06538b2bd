"""A table as people have it, from the command line."""

from __future__ import annotations

from pathlib import Path

from commands import here


def test_a_table_from_excel_is_written_clean_and_never_over_another(tmp_path: Path) -> None:
    file = tmp_path / "folk.csv"
    file.write_text('"region";"Folkmängd 2024"\n"1440 Ale";"32 602"\n', "utf-8")
    done = here("import", str(file), "language=sv")
    assert done.code == 0, done.errors
    assert "kolumner med semikolon" in done.output
    written = (tmp_path / "municipalities.csv").read_text("utf-8")
    assert "1440,Ale,,,,,,32602," in written
    again = here("import", str(file))
    assert again.code == 2
    assert "--overwrite" in again.errors
    file.write_text('"region";"Folkmängd 2024"\n"1440 Ale";".."\n', "utf-8")
    bad = here("import", str(file), "--overwrite", "language=sv")
    assert bad.code == 2
    assert "värdet saknas" in bad.errors
    assert (tmp_path / "municipalities.csv").read_text("utf-8") == written
