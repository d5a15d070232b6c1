"""What models there are, which would be asked, whether they work, and what to do next: for the command line and the API."""
