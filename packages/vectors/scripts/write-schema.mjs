#!/usr/bin/env node
// Writes schema/vectors.schema.json from the vector files: the fields of each section, which of them every case has, and how each is
// spelled. Run it when vectors were added.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { vectorFiles } from '../index.js'

const spellings = {
  bytes: /^0x([0-9a-f]{2})*$/,
  integer: /^-?(0|[1-9][0-9]*)$/,
  float: /^(-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?|\+Inf|NaN|-Inf)$/
}

const isName = key => /^[a-zA-Z_]\w*$/.test(key)

/** The schema of all these values. */
function schemaOf(values) {
  const kinds = {
    null: values.filter(value => value === null),
    boolean: values.filter(value => typeof value === 'boolean'),
    number: values.filter(value => typeof value === 'number'),
    string: values.filter(value => typeof value === 'string'),
    list: values.filter(Array.isArray),
    object: values.filter(value => typeof value === 'object' && value !== null && !Array.isArray(value))
  }
  const found = Object.entries(kinds)
    .filter(([, some]) => some.length > 0)
    .map(([kind, some]) => schemas[kind](some))
  return found.length === 1 ? found[0] : { anyOf: found }
}

const schemas = {
  null: () => ({ type: 'null' }),
  boolean: () => ({ type: 'boolean' }),
  number: values => ({ type: values.every(Number.isInteger) ? 'integer' : 'number' }),
  string: values => {
    const spelling = Object.keys(spellings).find(name => values.every(value => spellings[name].test(value)))
    return spelling === undefined ? { type: 'string' } : { $ref: `#/$defs/${spelling}` }
  },
  list: values => {
    const items = values.flat()
    return { type: 'array', ...(items.length === 0 ? { maxItems: 0 } : { items: schemaOf(items) }) }
  },
  object: values => {
    const keys = [...new Set(values.flatMap(value => Object.keys(value)))].sort()
    // Keys that are no names are data: keys by public key, accounts by path.
    if (keys.length === 0 || !keys.every(isName))
      return {
        type: 'object',
        additionalProperties: keys.length === 0 ? false : schemaOf(values.flatMap(Object.values))
      }
    const of = key => values.filter(value => Object.hasOwn(value, key)).map(value => value[key])
    return {
      type: 'object',
      properties: Object.fromEntries(keys.map(key => [key, schemaOf(of(key))])),
      required: keys.filter(key => of(key).length === values.length),
      additionalProperties: false
    }
  }
}

function fileSchema({ file, sections }) {
  const properties = Object.entries(sections).map(([section, cases]) => [
    section,
    { type: 'array', minItems: 1, items: schemaOf(cases) }
  ])
  return {
    type: 'object',
    properties: {
      file: { const: file },
      description: { type: 'string' },
      source: {},
      sections: {
        type: 'object',
        properties: Object.fromEntries(properties),
        additionalProperties: false
      }
    },
    required: ['file', 'description', 'source', 'sections']
  }
}

/** The schema of the vector files as they are in `data`. */
export function vectorSchema() {
  const files = vectorFiles.map(name =>
    JSON.parse(readFileSync(new URL(`../data/${name}.json`, import.meta.url), 'utf8'))
  )
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Golden vectors',
    description:
      'A vector file: sections of cases. FORMAT.md says what each field means. Written by scripts/write-schema.mjs.',
    oneOf: files.map(({ file }) => ({ $ref: `#/$defs/${file.replace('.json', '')}` })),
    $defs: {
      bytes: { description: 'Bytes as hex.', type: 'string', pattern: spellings.bytes.source },
      integer: { description: 'An integer of up to 64 bits.', type: 'string', pattern: spellings.integer.source },
      float: {
        description: 'The shortest decimal that gives the same float64 back; Go writes infinity as +Inf.',
        type: 'string',
        pattern: spellings.float.source
      },
      ...Object.fromEntries(files.map(file => [file.file.replace('.json', ''), fileSchema(file)]))
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = new URL('../schema/vectors.schema.json', import.meta.url)
  writeFileSync(path, `${JSON.stringify(vectorSchema())}\n`)
}
