module vision-ai-vectors

go 1.25.0
