"""An office's own server: everything that `dti up` keeps running, and `dti doctor` looks at."""
