"""Writers of the report: PDF, HTML, DOCX and XLSX."""
