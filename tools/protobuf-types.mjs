#!/usr/bin/env node
// What pbjs and pbts write, as our packages need it. The types name protobufjs itself; our packages know it through @status-stack/protobuf
// only. The code hangs all messages on one global object, so that a bundle with one of them holds all: here each is an export of its own,
// and says that making it does nothing else.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Types of one package's messages. */
export function types(text) {
  const namespaces = [...text.matchAll(/^export namespace (\w+) \{\n([\s\S]*?)^\}/gm)].filter(
    // A message with types of its own inside is no namespace of messages.
    ([, name]) => !new RegExp(`^export class ${name} `, 'm').test(text)
  )
  const names = namespaces.flatMap(([, name, content]) =>
    [...content.matchAll(/^ {4}class (\w+) /gm)].map(([, message]) => `export import ${message} = ${name}.${message};`)
  )
  return [
    text
      .replace(
        'import * as $protobuf from "protobufjs"',
        'import type { protobuf as $protobuf } from "@status-stack/protobuf"'
      )
      .replace('import Long = require("long")', 'import type { Long } from "@status-stack/protobuf"')
      .replaceAll(/^export namespace (\w+) \{/gm, (whole, name) =>
        namespaces.some(([, other]) => other === name) ? `declare namespace ${name} {` : whole
      ),
    ...(names.length > 0 ? [names.join('\n'), 'export {};', ''] : [])
  ].join('\n')
}

/** Code of one package's messages. */
export function code(text) {
  const pure = '/* @__PURE__ */ '
  const flat = text
    .replace(/^(?:\/\/ Exported root namespace\n)?const \$root = .*\n\n/m, '')
    .replace(/^export \{\n\s*\$root as default\n\};\n/m, '')
    .replaceAll(/^export const (\w+) = \$root\.\1 = \(\(\) => \{\n([\s\S]*?)^\}\)\(\);\n/gm, (_, name, content) => {
      // A namespace makes an object of its name and fills it; anything else is a message.
      const messages = new RegExp(`^ {4}const ${name} = \\{\\};\\n([\\s\\S]*)^ {4}return ${name};\\n`, 'm').exec(
        content
      )?.[1]
      if (messages === undefined) return `export const ${name} = ${pure}(() => {\n${content}})();\n`
      return messages
        .replaceAll(/^ {4}/gm, '')
        .replaceAll(new RegExp(`^${name}\\.(\\w+) = \\(`, 'gm'), `export const $1 = ${pure}(`)
        .replaceAll(`$root.${name}.`, '$root.')
    })
    .replaceAll('$root.', '')
  if (flat.includes('$root')) throw new Error('the generated code has another shape')
  return flat
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const file of process.argv.slice(2)) {
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, file.endsWith('.d.ts') ? types(text) : code(text))
  }
}
