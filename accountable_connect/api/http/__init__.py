"""One exchange with a service over HTTP, and what clients of JSON services share."""
