"""Pages of this desk: for volunteers, organisers, holders of posts and the community."""
