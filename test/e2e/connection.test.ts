import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MiB, addField, expect, row, startLab, tab, unhurried } from './open-page.ts'

const offline = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/

test('the page and its daemon', async (suite) => {
  const { daemon, farm, open } = await startLab(suite)

  await suite.test('an event stream that does not come through is replaced by asking', async (t) => {
    const page = await open(t, { at: '/settings', expectedErrors: /ERR_FAILED/ })
    await page.route('**/api/events*', (route) => route.abort())
    await page.goto(daemon.origin)
    await daemon.add(farm.plant('/asked.bin', 64), { paused: true })
    await expect(row(page, 'asked.bin')).toBeVisible()
  })

  await suite.test('starts, ends and failures are said once', async (t) => {
    farm.rate = MiB
    const page = await open(t, { preferences: unhurried })
    await page.evaluate(() => {
      const said: string[] = []
      Reflect.set(globalThis, 'said', said)
      const regions = '[aria-live], [role=status], [role=alert]'
      new MutationObserver((changes) => {
        for (const { target, addedNodes } of changes) {
          for (const node of addedNodes.length > 0 ? addedNodes : [target]) {
            const element = node instanceof Element ? node : node.parentElement
            const inside = element?.closest(regions) ?? element?.querySelector(regions)
            const text = element?.textContent?.trim() ?? ''
            if (inside instanceof Element && text !== '') said.push(text)
          }
        }
      }).observe(document.body, { subtree: true, childList: true, characterData: true })
    })
    const good = await daemon.add(farm.plant('/good.bin', MiB / 2))
    await daemon.becomes(good, 'completed')
    await expect(page.getByText('good.bin is complete')).toBeVisible()
    await daemon.add(farm.plant('/bad.bin', 10, 'missing'))
    await expect(page.getByText('bad.bin failed')).toBeVisible()
    const said = (await page.evaluate(() => Reflect.get(globalThis, 'said'))) as string[]
    const times = (words: string) => said.filter((text) => text.includes(words)).length
    assert.deepEqual(
      { started: times('good.bin started'), ended: times('good.bin is complete'), failed: times('bad.bin failed') },
      { started: 1, ended: 1, failed: 1 },
      said.join(' | '),
    )
  })

  await suite.test('a daemon with a token shows nothing before the right one is given', async (t) => {
    const locked = await startLab(t, { env: { SLUICE_TOKEN: 'open-sesame-4711-open' } })
    const page = await locked.open(t, { expectedErrors: /401/ })
    const prompt = page.getByRole('dialog', { name: 'Enter the token' })
    await expect(prompt).toBeVisible()
    await expect(prompt.getByLabel('Token')).toBeFocused()
    await page.keyboard.type('wrong')
    await page.keyboard.press('Enter')
    await expect(prompt.getByText('The daemon does not accept this token. Check it and try again.')).toBeVisible()
    await prompt.getByLabel('Token').fill('open-sesame-4711-open')
    await prompt.getByRole('button', { name: 'Unlock' }).click()
    await expect(prompt).toHaveCount(0)
    await expect(page.getByText('Nothing is running')).toBeVisible()
    await page.reload()
    await expect(page.getByText('Nothing is running')).toBeVisible()
    await expect(prompt).toHaveCount(0)
    assert.equal((await page.context().cookies()).length, 0)
    assert.doesNotMatch(locked.daemon.said(), /open-sesame-4711/)
  })

  await suite.test('a daemon that is killed is missed, and found again by itself when it is back', async (t) => {
    farm.rate = MiB / 8
    await daemon.add(farm.plant('/alive.iso', 960 * MiB))
    const page = await open(t, { expectedErrors: offline, preferences: unhurried })
    await expect(row(page, 'alive.iso')).toContainText('Downloading')
    await page.evaluate(() => {
      Reflect.set(globalThis, 'same', true)
    })
    const { port } = new URL(daemon.origin)
    await daemon.kill()
    const banner = page.getByText(/The daemon does not answer\. Trying again\./)
    await expect(banner).toBeVisible()
    await expect(row(page, 'alive.iso')).toBeVisible()
    await row(page, 'alive.iso')
      .getByRole('button', { name: /alive\.iso$/ })
      .first()
      .click()
    await expect(page.getByText(/^.*Could not (pause|resume) alive\.iso\./)).toBeVisible()
    await daemon.restart(['--port', port])
    await expect(banner).toHaveCount(0)
    await expect(row(page, 'alive.iso')).toContainText('Downloading')
    await addField(page).fill(farm.plant('/after.bin', 64))
    await addField(page).press('Enter')
    await expect(tab(page, 'Completed')).toHaveAccessibleName('Completed 2')
    assert.equal(await page.evaluate(() => Reflect.get(globalThis, 'same')), true)
  })
})
