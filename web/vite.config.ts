import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const collector = process.env.GROUNDTRACK_URL ?? 'http://127.0.0.1:4318'

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    // light-dark() and :has() stay as written: these browsers have both.
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    // The policy is script-src 'self': no inlined scripts and no data: images beyond what img-src allows.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: { '/api': collector, '/v1': collector, '/readyz': collector },
  },
})
