import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { holdsModels } from '../models/holds-models.ts'
import { until } from '../support/daemon.ts'
import { bytesOf, ollamaModel } from '../support/model-fixture.ts'
import { startFront } from '../support/registry-front.ts'
import { startRegistry } from '../support/registry.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTokenIssuer } from '../support/token-issuer.ts'
import { MiB, addField, expect, row, startLab } from './open-page.ts'

test('a pull on the page goes on after a pause, expired addresses and kill -9 of the daemon', async (t) => {
  await using issuer = await startTokenIssuer({ expiresIn: 2 })
  await using registry = await startRegistry({ auth: issuer })
  const model = ollamaModel({ name: 'large', size: 48 * MiB, seed: 31 })
  await registry.push(model)
  await using front = await startFront(registry, { signedFor: 2, otherName: true, slowRate: '1m' })
  await front.slow(true)
  const store = join(temporaryFolder(t), 'store')
  const { daemon, open } = await startLab(t, { env: { OLLAMA_MODELS: store } })
  // The page is to find the daemon where it was.
  const { port } = new URL(daemon.origin)
  const page = await open(t, { expectedErrors: /net::ERR_/ })

  await page.getByRole('button', { name: 'Options' }).click()
  await addField(page).fill('large')
  await page.getByRole('group', { name: 'Options' }).getByRole('textbox', { name: 'Registry' }).fill(front.url)
  await expect(page.getByRole('form', { name: 'Add' }).getByText('48.0 MiB in 7 files')).toBeVisible()
  await addField(page).press('Enter')
  await row(page, /large:latest/).click()
  const panel = page.getByRole('complementary', { name: /large:latest/ })
  await expect(panel.getByRole('row', { name: /^model/ })).toContainText(/Downloading \d+%/)
  const [listed] = (await daemon.list('type=model')).downloads
  const id = listed?.id ?? ''
  const reaches = (bytes: number) =>
    until(
      async () => (await daemon.get(id)).bytesDone >= bytes || undefined,
      60_000,
      () => `it does not reach ${bytes} bytes`,
    )

  await reaches(4 * MiB)
  await panel.getByRole('button', { name: 'Pause' }).click()
  await expect(panel).toContainText('Paused')
  await daemon.becomes(id, 'paused')
  // Addresses hold for two seconds.
  await delay(2500)
  await panel.getByRole('button', { name: 'Resume' }).click()
  await reaches(16 * MiB)
  const before = (await daemon.get(id)).bytesDone
  await daemon.kill()
  await expect(page.getByText('The daemon does not answer.', { exact: false })).toBeVisible()
  const sent = await front.blobBytes()
  await daemon.restart(['--port', port])
  await expect(page.getByText('The daemon does not answer.', { exact: false })).toHaveCount(0)
  await expect(panel.getByRole('row', { name: /^model/ })).toContainText(/Downloading \d+%/)
  await front.slow(false)

  await expect(panel.getByText('Installed in the Ollama store.', { exact: false })).toBeVisible()
  await holdsModels(store, [model])
  const again = (await front.blobBytes()) - sent
  assert.ok(again < bytesOf(model) - before / 2, `${again} bytes after the kill, ${before} were here`)
  assert.deepEqual(
    (await front.requests()).filter(({ at, authorization }) => at === 'cdn' && authorization !== ''),
    [],
  )
})
