#!/usr/bin/env bash
# Draws the pictures of the docs anew, without a screen: docs/pictures/SIZE-THEME-LANGUAGE/*.png.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export QT_QPA_PLATFORM=offscreen

draw() {
    local name=$1 size=$2 scale=$3 theme=$4 language=$5
    local folder="docs/pictures/$name-$theme-$language"
    QT_SCALE_FACTOR="$scale" .venv/bin/python main.py --drill demo --size "$size" --theme "$theme" \
        --lang "$language" --screenshot "$folder" --after "${AFTER_S:-20}"
    echo "$folder/window.png"
}

# Every panel is shown once; of the other looks only the whole window.
only_window() {
    find "docs/pictures/$1" -name '*.png' ! -name window.png -delete
}

draw 1366x768 1366x768 1 dark zh_CN
draw 1920x1080 1920x1080 1 dark zh_CN
draw 1920x1080 1920x1080 1 light en
draw 3840x2160 1920x1080 2 dark zh_CN
for look in 1366x768-dark-zh_CN 1920x1080-light-en 3840x2160-dark-zh_CN; do
    only_window "$look"
done
