// Brings the parts of the program (frontend/src/parts.rs) and says so to whom asked. What did not come is fetched anew the next
// time. They wait for whatever is more urgent.
const asked = {};
const bring = (file) =>
  (asked[file] ??= fetch(file, { priority: "low" })
    .then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject(answer.status)))
    .then((bytes) => WebAssembly.instantiate(bytes, { __wasm_split: wasm }))
    .catch((failure) => {
      delete asked[file];
      throw failure;
    }));
const part = (...files) => (call, data) =>
  Promise.all(files.map(bring)).then(
    () => wasm.__indirect_function_table.get(call)(data, true),
    () => wasm.__indirect_function_table.get(call)(data, false),
  );
const parts = { %parts% };
