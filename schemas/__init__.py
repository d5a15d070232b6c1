"""The shapes that cross our borders: requests, results, and the JSON Schemas of a genre's files for editors."""
