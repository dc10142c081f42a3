#!/usr/bin/env node
import { guardProcess } from './guard.ts'
import { run } from './program.ts'

const argv = process.argv.slice(2)
const guard = guardProcess(argv.includes('--json'))
const code = await run(argv)
process.exitCode = guard.failed() ? 1 : code
