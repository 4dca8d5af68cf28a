"""What has to be done now and then: each chore by one worker at a time, whatever the number of workers."""
