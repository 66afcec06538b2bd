"""Results as files of other programs: a workbook, slides, a brief, tables, and the event log of a run."""
