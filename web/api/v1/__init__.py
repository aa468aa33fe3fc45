"""The JSON API, version 1: the same rooms as the pages, for programs."""
