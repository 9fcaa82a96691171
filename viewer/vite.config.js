import { defineConfig } from 'vite';

// The page of the reading room names `main.js` itself, so the entry keeps its name; the server adds the fingerprint.
export default defineConfig({
  base: './',
  publicDir: false,
  build: {
    target: 'esnext',
    outDir: '../src/Fiducial.ReadingRoom/wwwroot/viewer',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    rollupOptions: {
      input: 'src/main.ts',
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: '[name].js',
        assetFileNames: '[name][extname]',
      },
    },
  },
});
