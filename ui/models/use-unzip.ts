import { asSluiceError } from '../../src/core/errors.ts'
import { bytes } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { client } from '../state/client.ts'
import { errorText } from '../state/texts.ts'
import { announce, toast } from '../state/toasts.ts'
import { createValue, useValue } from '../state/value.ts'

/** A zip that is being installed; `since` in ms since 1970. */
export interface Unzipping {
  readonly file: string
  readonly since: number
  readonly stop: () => void
}

// It outlives the page that asked for it.
const now = createValue<Unzipping | null>(null)

export function useUnzipping(): Unzipping | null {
  return useValue(now)
}

/** Installs a zip of the daemon's folder, one at a time; how it ended is told in a message. Resolves when it ended. */
export async function unzip(file: string): Promise<void> {
  if (now.get() !== null) return
  const controller = new AbortController()
  now.set({ file, since: Date.now(), stop: () => controller.abort() })
  announce(t('models.unzipping', { file }))
  try {
    const { models, bytes: size } = await client.unzipModel(file, controller.signal)
    toast({ kind: 'good', text: t('models.unzipped', { names: models.join(', '), size: bytes(size) }) })
  } catch (thrown) {
    const { text, hint } = errorText(asSluiceError(thrown))
    if (controller.signal.aborted) announce(t('models.unzipStopped'))
    else toast({ kind: 'error', text: `${text} ${hint}`.trim() })
  } finally {
    now.set(null)
  }
}
