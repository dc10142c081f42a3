import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const conditions = ['status-stack-source']

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  ssr: { resolve: { conditions, externalConditions: conditions } },
  resolve: { conditions: [...conditions, 'node', 'import', 'module', 'default'] },
  test: { include: ['*.fuzz.ts'], server: { deps: { inline: [/@status-stack\//] } } }
})
