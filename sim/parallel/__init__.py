"""Work spread over the processes of this machine or over a Dask cluster, behind one interface."""
