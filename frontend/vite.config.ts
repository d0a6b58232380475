import { defineConfig } from "vitest/config";

export default defineConfig({
  build: {
    // One module that Home Assistant serves as it is, and that is committed.
    lib: {
      entry: "src/main.ts",
      formats: ["es"],
      fileName: () => "miner-controller.js",
    },
    outDir: "../custom_components/miner_controller/frontend",
    emptyOutDir: true,
    target: "es2022",
    minify: true,
    // A library keeps its line breaks for whoever bundles it, which nobody does here.
    rolldownOptions: { output: { minify: { codegen: { removeWhitespace: true } } } },
    reportCompressedSize: true,
  },
  test: {
    include: ["test/**/*.test.ts"],
    environment: "node",
    // What is shown depends on the zone, never on the machine's.
    env: { TZ: "UTC" },
    sequence: { shuffle: true },
  },
});
