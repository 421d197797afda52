import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import type { Rolldown } from 'vite'

/** Where `vite` alone (not the build) finds a running daemon. */
const daemon = process.env['SLUICE_URL'] ?? 'http://127.0.0.1:8080'

interface Graph {
  getModuleInfo(id: string): Rolldown.ModuleInfo | null
}

const entry = resolve(import.meta.dirname, 'main.tsx')

/**
 * One chunk for all that the first look needs. Otherwise what it shares with pages that come later would be cut into
 * twenty small ones, and a browser asks for six at a time.
 */
function firstLoad(id: string, graph: Graph): string | null {
  if (first.size === 0) {
    const open = [entry]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (first.has(next)) continue
      first.add(next)
      open.push(...(graph.getModuleInfo(next)?.importedIds ?? []))
    }
  }
  return first.has(id) ? 'page' : null
}

const first = new Set<string>()

// oxlint-disable-next-line import/no-default-export -- Vite asks for it
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: resolve(import.meta.dirname, '../dist/ui'),
    emptyOutDir: true,
    // `light-dark()` and OKLCH are understood from these on.
    target: ['chrome123', 'firefox128', 'safari18'],
    modulePreload: { polyfill: false },
    // Data addresses are refused for scripts and fonts, and a picture is cached better as a file.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // In kB of source. What is sent for it is less than a third, and a test of the page holds that.
    chunkSizeWarningLimit: 700,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: firstLoad, debugName: 'page' }] } } },
  },
  // The daemon answers to its own name and origin only.
  server: { proxy: { '/api': { target: daemon, changeOrigin: true, headers: { origin: daemon } } } },
})
