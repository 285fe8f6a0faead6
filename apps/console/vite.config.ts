import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Everything is a file of its own: the Content-Security-Policy has no room for inline scripts, styles or fonts. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
  },
  server: { proxy: { '/admin': 'http://127.0.0.1:8081' } },
});
