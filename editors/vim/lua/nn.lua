-- Starts `nn lsp` for scripts of nn, one server for each folder. `let g:nn_no_lsp = 1` leaves it out; `g:nn_path` names the
-- program if it is not in the PATH.
local M = {}

local clients = {}

local function attached(_, buffer)
  vim.api.nvim_buf_set_option(buffer, 'omnifunc', 'v:lua.vim.lsp.omnifunc')
  local function map(keys, action)
    vim.keymap.set('n', keys, action, { buffer = buffer, silent = true })
  end
  map('K', vim.lsp.buf.hover)
  map('gd', vim.lsp.buf.definition)
  map('<leader>rn', vim.lsp.buf.rename)
end

function M.start()
  local program = vim.g.nn_path or 'nn'
  if vim.fn.executable(program) == 0 then
    return
  end
  local buffer = vim.api.nvim_get_current_buf()
  local folder = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ':p:h')
  local config = {
    name = 'nn',
    cmd = { program, 'lsp' },
    root_dir = folder,
    on_attach = attached,
    on_exit = function()
      clients[folder] = nil
    end,
  }
  if vim.lsp.start then
    vim.lsp.start(config)
  else
    -- Before Neovim 0.8.
    clients[folder] = clients[folder] or vim.lsp.start_client(config)
    if clients[folder] then
      vim.lsp.buf_attach_client(buffer, clients[folder])
    end
  end
end

return M
