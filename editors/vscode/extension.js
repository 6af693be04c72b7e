// Starts `nn lsp` for scripts of nn.
const { workspace } = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

let client;

exports.activate = function () {
  const command = workspace.getConfiguration('nn').get('path', 'nn');
  client = new LanguageClient(
    'nn',
    'nn',
    { command, args: ['lsp'] },
    { documentSelector: [{ language: 'nn' }] }
  );
  return client.start();
};

exports.deactivate = function () {
  return client ? client.stop() : undefined;
};
