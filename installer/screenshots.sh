#!/usr/bin/env bash
# Draws the pictures of the docs anew, without a screen: docs/pictures/SIZE-THEME-LANGUAGE/*.png.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export QT_QPA_PLATFORM=offscreen

draw() {
    local size=$1 theme=$2 language=$3
    local folder="docs/pictures/$size-$theme-$language"
    .venv/bin/python main.py --drill demo --size "$size" --theme "$theme" --lang "$language" \
        --screenshot "$folder" --after "${AFTER_S:-20}"
    echo "$folder/window.png"
}

draw 1366x768 dark zh_CN
draw 1920x1080 dark zh_CN
draw 1920x1080 light en
draw 3840x2160 dark zh_CN
