import { loadVectors } from '@status-stack/vectors'

/** The cases of one section of the recorded vectors about mailservers. */
export async function mailVectors(section: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const file = (await loadVectors('whisper-misc')) as unknown as {
    readonly sections: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>
  }
  const cases = file.sections[section] ?? []
  if (cases.length === 0) throw new Error(`no vectors in ${section}`)
  return cases
}
