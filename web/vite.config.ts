import { readFileSync } from 'node:fs'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const collector = process.env.GROUNDTRACK_URL ?? 'http://127.0.0.1:4318'

export default defineConfig({
  plugins: [react(), askBeforeLoad()],
  build: {
    target: 'es2023',
    // light-dark() and :has() stay as written: these browsers have both.
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    // The policy is script-src 'self': no inlined scripts and no data: images beyond what img-src allows.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      output: {
        // What pages share comes as one file, not as twenty that are a few lines each.
        codeSplitting: { groups: [{ name: 'shared', minShareCount: 2, test: /(?<!level-chart)\.(?:tsx?|css|m?js)$/ }] },
      },
    },
  },
  server: {
    proxy: { '/api': collector, '/v1': collector, '/readyz': collector },
  },
})

/**
 * Puts src/api/ask-before-load.js before everything else into the built page, as a script of its own: modules wait until all of them
 * are there. It learns which files the page of a session consists of, to have them loaded beside the viewer and not after it.
 */
function askBeforeLoad(): Plugin {
  let script: string | undefined
  return {
    name: 'ask-before-load',
    apply: 'build',
    generateBundle() {
      const source = readFileSync(new URL('src/api/ask-before-load.js', import.meta.url), 'utf8')
      script = this.getFileName(this.emitFile({ type: 'asset', name: 'ask-before-load.js', source }))
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const page = Object.values(bundle ?? {}).find((each) => each.type === 'chunk' && each.name === 'session-page')
        if (page?.type !== 'chunk') throw new Error('There is no chunk named session-page')
        const files = [page.fileName, ...page.imports].map((file) => `/${file}`)
        return [{ tag: 'script', attrs: { src: `/${script}`, 'data-session-page': files.join(' ') }, injectTo: 'head-prepend' }]
      },
    },
  }
}
