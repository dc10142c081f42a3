#!/usr/bin/env node
// Fails when a layer knows another layer, or anything reaches into another package's internals.
import { fileURLToPath } from 'node:url'
import { findViolations } from './boundaries.mjs'

const violations = findViolations(fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, ''))
for (const { place, problem } of violations) console.error(`${place}  ${problem}`)
console.log(violations.length === 0 ? 'boundaries: no violations' : `boundaries: ${violations.length} violations`)
process.exitCode = violations.length === 0 ? 0 : 1
