import { readFile, writeFile } from 'node:fs/promises'

/** Puts another text of the same length in the place of one in a file, wherever it is. */
export async function patchText(path: string, from: string, to: string): Promise<void> {
  if (from.length !== to.length) throw new Error(`"${from}" and "${to}" have different lengths.`)
  const bytes = await readFile(path)
  let count = 0
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1), count++) bytes.write(to, at, 'latin1')
  if (count === 0) throw new Error(`${path} does not have "${from}".`)
  await writeFile(path, bytes)
}
