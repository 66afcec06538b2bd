"""The report's figures: results to pictures, each as SVG for the page and as PNG."""
