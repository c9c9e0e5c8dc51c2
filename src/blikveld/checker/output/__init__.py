"""How a result is shown: text, JSON, HTML with every finding marked, SARIF for editors."""
