// Brings the parts of the program (frontend/src/parts.rs), with the stylesheet that they share, and says so to whom asked.
// What did not come is fetched anew the next time. They wait for whatever is more urgent.
const asked = {};
const once = (file, bring) =>
  (asked[file] ??= bring(file).catch((failure) => {
    delete asked[file];
    throw failure;
  }));
const program = (file) =>
  fetch(file, { priority: "low" })
    .then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject(answer.status)))
    .then((bytes) => WebAssembly.instantiate(bytes, { __wasm_split: wasm }));
const style = (href) => {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  return new Promise((onload, onerror) => document.head.append(Object.assign(link, { onload, onerror }))).catch((failure) => {
    link.remove();
    throw failure;
  });
};
const part = (...files) => (call, data) =>
  Promise.all([once("/%sheet%", style), ...files.map((file) => once(file, program))]).then(
    () => wasm.__indirect_function_table.get(call)(data, true),
    () => wasm.__indirect_function_table.get(call)(data, false),
  );
const parts = { %parts% };
