#!/usr/bin/env node
// The types that pbts writes name protobufjs itself; our packages know it through @status-stack/protobuf only.
import { readFileSync, writeFileSync } from 'node:fs'

for (const file of process.argv.slice(2)) {
  const text = readFileSync(file, 'utf8')
  writeFileSync(
    file,
    text
      .replace(
        'import * as $protobuf from "protobufjs"',
        'import type { protobuf as $protobuf } from "@status-stack/protobuf"'
      )
      .replace('import Long = require("long")', 'import type { Long } from "@status-stack/protobuf"')
  )
}
