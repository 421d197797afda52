import { html, page } from './html.ts'

/** What stands at `/` where the page is not built: that the daemon runs, and where to go from here. */
export const homePage = page(
  'Sluice',
  html`<h1>Sluice</h1>
    <p>
      The daemon runs. Downloads are added and steered with the command line (<code>sluice add</code>,
      <code>sluice list</code>, <code>sluice watch</code>) and with its API.
    </p>
    <p>
      The page is not built here. In a checkout <code>npm run build:ui</code> builds it; then start the daemon anew.
    </p>
    <ul>
      <li><a href="/api/docs">Documentation of the API</a></li>
      <li><a href="/api/openapi.json">The same as OpenAPI 3.1</a></li>
    </ul>`,
)
