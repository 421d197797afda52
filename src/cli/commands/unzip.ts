import { basename, resolve } from 'node:path'
import { unzipOptions } from '../../config/model-options.ts'
import { SluiceError } from '../../core/errors.ts'
import { formatBytes } from '../../core/units.ts'
import type { Command } from '../command.ts'
import { watchInterrupts } from '../interrupt.ts'
import { showByteWork } from '../print/byte-work.ts'
import { clean, cleanJson } from '../print/clean.ts'

export const unzipCommand: Command<(typeof unzipOptions)[number]['name']> = {
  options: unzipOptions,
  examples: ['sluice unzip llama3.2-1b.zip', 'sluice unzip model.zip --models-dir ~/models'],
  async run(settings, operands, { screen, cwd, env }) {
    const [file, ...more] = operands
    if (file === undefined || more.length > 0)
      throw new SluiceError('usage', 'Give the zip file of one model.', { hint: 'sluice unzip model.zip' })
    const { createModelLibrary, findModelsFolder } = await import('../../models/model-library.ts')
    const modelsDir = settings.text('models-dir')
    const dir = modelsDir === undefined ? findModelsFolder(env) : resolve(cwd, modelsDir)
    const warnings: string[] = []
    const interrupts = watchInterrupts(() => undefined)
    const work = await showByteWork(settings, screen, clean(basename(file)))
    const tellWarnings = (): void => {
      work.stop()
      for (const message of warnings.splice(0)) screen.err.line(`Warning: ${clean(message)}`)
    }
    try {
      const library = createModelLibrary(dir, { onWarning: (message) => warnings.push(message) })
      const { signal } = interrupts
      const installed = await library.unzip(resolve(cwd, file), { signal, onProgress: work.onProgress })
      tellWarnings()
      const { models, target, blobs, bytes } = installed
      screen.out.line(settings.flag('json') ? cleanJson({ type: 'installed', ...installed }) : clean(target))
      const what =
        blobs === 0 ? 'all blobs were there already' : `${formatBytes(bytes)} in ${blobs} blobs, verified (sha256)`
      if (!settings.flag('quiet')) screen.err.line(`${clean(models.join(', '))}: installed, ${what}`)
      return 0
    } catch (error) {
      tellWarnings()
      if (interrupts.signal.aborted)
        throw new SluiceError('interrupted', 'Interrupted: nothing was installed.', { cause: error })
      throw error
    } finally {
      interrupts.stop()
    }
  },
}
