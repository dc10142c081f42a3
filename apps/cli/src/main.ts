#!/usr/bin/env node
import { keepCompiledCode } from './compile-cache.ts'

// Before the program itself is loaded: only what is loaded afterwards is kept.
keepCompiledCode(process.env)
const [{ catchProcessErrors }, { run }, { endOfHangup }] = await Promise.all([
  import('./process-errors.ts'),
  import('./program.ts'),
  import('@status-stack/command-line/process')
])

// A channel to who has started us is listened to for its end only, and does not keep the process alive.
process.channel?.unref()
process.on('exit', endOfHangup)
const argv = process.argv.slice(2)
const errors = catchProcessErrors(argv.includes('--json'))
const code = await run(argv)
process.exitCode = errors.failed() ? 1 : code
