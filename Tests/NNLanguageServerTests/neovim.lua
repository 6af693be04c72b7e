-- What a person does in an editor, done by Neovim without one; EditorTests reads what is written to log.txt.
local log = io.open('log.txt', 'w')

local function say(text)
  log:write(text .. '\n')
  log:flush()
end

local function quit()
  log:close()
  vim.cmd('cquit ' .. 0)
end

-- A coroutine that waits without holding the editor up, so that keys and messages come through.
local steps
local function wait(what, condition)
  local tries = 0
  while not condition() do
    tries = tries + 1
    if tries > 300 then
      say('waited in vain for ' .. what)
      quit()
    end
    vim.defer_fn(function() coroutine.resume(steps) end, 50)
    coroutine.yield()
  end
end

local function type_keys(keys)
  vim.api.nvim_input(keys)
end

local function lines(from, to)
  return vim.api.nvim_buf_get_lines(0, from, to, false)
end

local function format()
  if vim.lsp.buf.format then vim.lsp.buf.format() else vim.lsp.buf.formatting_sync(nil, 10000) end
end

steps = coroutine.create(function()
  local ok, reason = pcall(function()
    wait('the file type', function() return vim.bo.filetype ~= '' end)
    say('filetype ' .. vim.bo.filetype)

    wait('a diagnostic', function() return #vim.diagnostic.get(0) > 0 end)
    local found = vim.diagnostic.get(0)[1]
    say(('diagnostic %d:%d %s'):format(found.lnum + 1, found.col + 1, vim.split(found.message, '\n')[1]))

    -- Complete what is typed in place of the mistake: `dense 6 re`, with keys.
    vim.api.nvim_win_set_cursor(0, { 2, 16 })
    type_keys('cere<C-x><C-o>')
    wait('the menu', function() return vim.fn.pumvisible() == 1 end)
    local words = {}
    for _, item in ipairs(vim.fn.complete_info({ 'items' }).items) do
      table.insert(words, (item.abbr:gsub('%s+$', '')))
    end
    say('completion ' .. table.concat(words, ' '))
    type_keys('<C-y><Esc>')
    wait('the completed line', function()
      return vim.fn.mode() == 'n' and lines(1, 2)[1] == 'model < dense 6 relu; output >'
    end)
    local place = vim.lsp.util.make_position_params(0, 'utf-16')
    local hover = vim.lsp.buf_request_sync(0, 'textDocument/hover', place, 10000)
    for _, answer in pairs(hover or {}) do
      say('hover ' .. answer.result.contents.value:match('`(%w+)`'))
    end
    wait('no diagnostic', function() return #vim.diagnostic.get(0) == 0 end)
    say('fixed ' .. #vim.diagnostic.get(0) .. ' diagnostics')

    format()
    wait('the layout', function() return lines(2, 3)[1] == 'compile lr=$rate' end)
    say('formatted ' .. lines(2, 3)[1])

    vim.api.nvim_win_set_cursor(0, { 3, 12 })
    vim.lsp.buf.rename('pace')
    wait('the new name', function() return lines(0, 1)[1] == 'let pace = 0.1' end)
    say('renamed ' .. lines(0, 1)[1] .. ' | ' .. lines(2, 3)[1])

    vim.lsp.buf.definition()
    wait('the definition', function() return vim.api.nvim_win_get_cursor(0)[1] == 1 end)
    local cursor = vim.api.nvim_win_get_cursor(0)
    say(('definition %d:%d'):format(cursor[1], cursor[2] + 1))

    vim.cmd('syntax on')
    say('syntax ' .. vim.fn.synIDattr(vim.fn.synID(2, 9, 1), 'name'))
    say('done')
  end)
  if not ok then say('failed: ' .. tostring(reason)) end
  quit()
end)

vim.schedule(function() coroutine.resume(steps) end)
