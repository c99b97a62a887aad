import { defineConfig } from 'vite';
import { compressedCopies } from './compressed-copies.ts';

// The hub behind the development server; `make run` starts one there.
const hub = process.env['PLENARY_HUB'] ?? 'http://localhost:8080';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [compressedCopies()],
  server: {
    host: 'localhost',
    proxy: {
      '/api': hub,
      '/pictures': hub,
      '/sdk/': hub,
      '/ws': { target: hub, ws: true },
    },
  },
  build: {
    target: ['chrome123', 'firefox121', 'safari17.5'],
    // The hub answers unknown paths with index.html; hashed files are in one folder, so that it can cache them for ever.
    assetsDir: 'assets',
    manifest: true,
    // Small pictures would be inlined as data: URLs; as files they are cached separately.
    assetsInlineLimit: 0,
    // Nearly all shared code is in the core; the names of the few other files weigh more than asking for them a moment earlier.
    modulePreload: { polyfill: false, resolveDependencies: (_, dependencies) => dependencies.filter((file) => file.endsWith('.css')) },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // The code of every page is one file instead of fifty small ones: the frame, and every manifest with its
            // texts.
            { name: 'core', test: /node_modules|\/sdk\/|\/src\/(?:ui|lib|hub|texts)\/(?!form|inputs|dialog|menu-list|announcer|links|markdown-links|zoned-time|slug|plain|pages|ban|not-found|toast\.)[^/]*\.tsx?$|\/src\/shell\/(?!keys-dialog|key-group|dialog-host|shortcuts|low-screen|closed|unread-in-tab|plain-frame|connection-trouble|preferences\.)[^/]*\.tsx?$|\/src\/[a-z]+\/(?:manifest|labels|store|slots)\.ts$|\/(?:labels|shared)\/en\.ts$/ },
            { name: 'forms', test: /\/src\/ui\/(?:form|inputs)\.tsx$/ },
          ],
        },
      },
    },
  },
});
