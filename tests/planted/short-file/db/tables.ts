// short now: the exception has become idle ✗
