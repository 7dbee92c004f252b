// Preloaded into every process that the launcher starts: when the launcher is gone, even by kill -9, the process ends too.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
