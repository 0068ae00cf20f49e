/** Says what to do when an old Node runs the service; plain JavaScript, so that an old Node can. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Candour needs Node 22.18 or later; this is ${process.versions.node}. Run it through npm ("npm ci && npm start"), ` +
      'which brings its own Node on Linux, macOS and Windows, or install a newer Node.',
  );
  process.exit(1);
}
