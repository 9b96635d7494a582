"""What keeps a watcher going: threads that outlive their failures, alarms, and the lock that lets one be active."""
