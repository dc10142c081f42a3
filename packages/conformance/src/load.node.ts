import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { VectorFile } from '@status-stack/vectors'
import { ConformanceError } from './errors.ts'
import type { ConformanceLimits } from './limits.ts'
import type { LoadedVectors } from './runner/run.ts'

/**
 * Reads vector files and folders of them. In a folder, a JSON file without `sections` is a companion of the vector
 * files next to it; named as a path it is an error.
 *
 * @throws ConformanceError `unreadable`, `too-large`, `not-a-vector-file`
 */
export async function loadPaths(
  paths: readonly string[],
  limits: ConformanceLimits
): Promise<readonly LoadedVectors[]> {
  const loaded: LoadedVectors[] = []
  const folders = new Map<string, ReadonlyMap<string, unknown>>()
  const folderOf = async (folder: string): Promise<ReadonlyMap<string, unknown>> => {
    const known = folders.get(folder) ?? (await readFolder(folder, limits))
    folders.set(folder, known)
    return known
  }
  for (const path of paths) {
    if ((await reading(path, () => stat(path))).isDirectory()) {
      const files = await folderOf(path)
      const companions = companionsAmong(files)
      const before = loaded.length
      for (const [name, json] of files) {
        if (!companions.has(name)) loaded.push({ vectors: vectorFileOf(join(path, name), json), companions })
      }
      if (loaded.length === before) throw notVectors(path, 'a folder with at least one vector file')
    } else {
      const json = await readJson(path, limits)
      if (!hasSections(json)) throw notVectors(path, 'an object with sections')
      // A broken neighbour is no reason to refuse the one file that was named.
      const companions = companionsAmong(await folderOf(dirname(path)).catch(() => new Map<string, unknown>()))
      loaded.push({ vectors: vectorFileOf(path, json), companions })
    }
  }
  return loaded
}

async function readFolder(folder: string, limits: ConformanceLimits): Promise<ReadonlyMap<string, unknown>> {
  const names = (await reading(folder, () => readdir(folder))).filter(name => name.endsWith('.json')).sort()
  if (names.length > limits.maxFolderFiles) {
    throw new ConformanceError(
      'too-large',
      `${folder}: expected at most ${limits.maxFolderFiles} files, got ${names.length}`,
      {
        origin: 'caller',
        details: { expected: limits.maxFolderFiles, got: names.length }
      }
    )
  }
  const files = new Map<string, unknown>()
  for (const name of names) files.set(name, await readJson(join(folder, name), limits))
  return files
}

function companionsAmong(files: ReadonlyMap<string, unknown>): ReadonlyMap<string, unknown> {
  return new Map([...files].filter(([, json]) => !hasSections(json)))
}

async function readJson(path: string, limits: ConformanceLimits): Promise<unknown> {
  const { size } = await reading(path, () => stat(path))
  if (size > limits.maxFileBytes) {
    throw new ConformanceError('too-large', `${path}: expected at most ${limits.maxFileBytes} bytes, got ${size}`, {
      origin: 'peer',
      details: { expected: limits.maxFileBytes, got: size }
    })
  }
  const text = await reading(path, () => readFile(path, 'utf8'))
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ConformanceError('not-a-vector-file', `${path}: not JSON`, { origin: 'peer', cause })
  }
}

async function reading<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (cause) {
    throw new ConformanceError('unreadable', `${path}: cannot be read`, { origin: 'environment', cause })
  }
}

function hasSections(json: unknown): json is { readonly sections: object } {
  return typeof json === 'object' && json !== null && 'sections' in json
}

function vectorFileOf(path: string, json: unknown): VectorFile {
  if (
    !hasSections(json) ||
    typeof json.sections !== 'object' ||
    json.sections === null ||
    Array.isArray(json.sections)
  ) {
    throw notVectors(path, 'an object of sections')
  }
  const sections: Record<string, VectorFile['sections'][string]> = {}
  for (const [section, cases] of Object.entries(json.sections)) {
    if (!Array.isArray(cases)) throw notVectors(path, `a list of cases in section ${section}`)
    for (const vector of cases) {
      if (typeof vector !== 'object' || vector === null || typeof vector.name !== 'string') {
        throw notVectors(path, `cases with a name in section ${section}`)
      }
    }
    sections[section] = cases
  }
  const rest = json as Partial<VectorFile>
  return {
    // A renamed copy of a file is still that file; one that does not say what it is goes by its name.
    file: typeof rest.file === 'string' ? basename(rest.file) : basename(path),
    description: typeof rest.description === 'string' ? rest.description : '',
    source: rest.source,
    sections
  }
}

function notVectors(path: string, expected: string): ConformanceError {
  return new ConformanceError('not-a-vector-file', `${path}: expected ${expected}`, { origin: 'peer' })
}
