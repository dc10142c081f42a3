import { readFileSync } from 'node:fs'
import Ajv2020 from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { loadVectors, vectorFiles } from '../../index.js'
import { vectorSchema } from '../../scripts/write-schema.mjs'

const schema = JSON.parse(readFileSync(new URL('../../schema/vectors.schema.json', import.meta.url), 'utf8'))
const ajv = new Ajv2020.default({ strict: true, allowUnionTypes: false })
const validate = ajv.compile(schema)

test.each(vectorFiles)('%s has the form that the schema states', async name => {
  validate(await loadVectors(name))
  expect(validate.errors).toBeNull()
})

test('the schema is the one that the vectors give', () => {
  expect(schema, 'run scripts/write-schema.mjs').toEqual(vectorSchema())
})

describe('the schema refuses', () => {
  const broken = {
    'half a byte': file => {
      file.sections.message_id[0].body += '0'
    },
    'bytes without 0x': file => {
      file.sections.message_id[0].body = 'ff'
    },
    'capitals in bytes': file => {
      file.sections.message_id[0].body = '0xFF'
    },
    'a number where a 64-bit integer is a text': file => {
      file.sections.message_id[0].timestamp = 7
    },
    'an integer with a leading zero': file => {
      file.sections.message_id[0].timestamp = '07'
    },
    'a missing field': file => {
      delete file.sections.message_id[0].messageId
    },
    'a case without a name': file => {
      delete file.sections.message_id[0].name
    },
    'an unknown field': file => {
      file.sections.message_id[0].colour = 'red'
    },
    'an unknown section': file => {
      file.sections.colours = []
    },
    'a section without cases': file => {
      file.sections.message_id = []
    },
    'a file of another name': file => {
      file.file = 'sync.json'
    },
    'no sections': file => {
      delete file.sections
    }
  }

  test.each(Object.keys(broken))('%s', async name => {
    const file = await loadVectors('mvds')
    expect(validate(file)).toBe(true)
    broken[name](file)
    expect(validate(file)).toBe(false)
  })
})
