"""Masks show enough to tell people apart and too little to reach them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.masking import mask_account, mask_identity, mask_name, mask_phone, mask_text


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张**"),
        ("张建国", "张**"),
        ("欧阳明月", "欧**"),
        ("John Smith", "J** S**"),
        ("", ""),
        ("李", "李**"),
    ],
)
def test_a_name_keeps_its_first_character_and_hides_its_length(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812341234", "138****1234"),
        ("138 1234 1234", "138****1234"),
        ("+86 138-1234-1234", "+86 138****1234"),
        ("8613812341234", "86138****1234"),
        ("021-65551234", "021-****1234"),
        ("0571 8555123", "0571 ****5123"),
        ("02165551234", "021****1234"),
        ("65551234", "******34"),
        ("12345", "12345"),
        ("110", "110"),
        ("+44 20 7946 0958", "+** ** **** **58"),
        ("", ""),
    ],
)
def test_a_phone_keeps_head_and_tail(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


def test_an_identity_number_hides_the_birth_date_and_the_sex() -> None:
    assert mask_identity("31010119900307123X") == "310************23X"
    assert mask_identity("12345") == "*****"


@pytest.mark.parametrize(
    "number", ["6222021234567890123", "6222 0212 3456 7890 123", "6222-0212-3456-7890-123"]
)
def test_an_account_keeps_the_bank_and_the_last_four(number: str) -> None:
    assert mask_account(number) == "6222***********0123"


def test_free_text_is_masked_where_it_names_people_only() -> None:
    text = (
        "事件 20261122-007 在网格 310198006003001，来电 13900001111 或 021-65551234，"
        "身份证 310101199003071239，转入 6222021234567890123，金额 200494.72 元，12345 转办"
    )
    masked = mask_text(text)
    assert masked == (
        "事件 20261122-007 在网格 310198006003001，来电 139****1111 或 021-****1234，"
        "身份证 310************239，转入 6222***********0123，金额 200494.72 元，12345 转办"
    )


def test_text_without_numbers_stays() -> None:
    assert mask_text("商场门口人群聚集") == "商场门口人群聚集"


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.text(max_size=20).filter(lambda t: not re.search(r"\d", t)),
)
def test_no_mobile_number_survives_in_any_text(number: str, around: str) -> None:
    assert number not in mask_text(f"{around}{number}{around}")
    assert number[3:7] not in mask_phone(number)[3:7]


@given(st.text(max_size=40))
def test_masking_is_safe_on_anything_and_stable(text: str) -> None:
    once = mask_text(text)
    assert mask_text(once) == once


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("回电１３８００１３８０００。", "回电138****8000。"),
        ("138.0013.8000", "138****8000"),
        ("138－0013－8000", "138****8000"),
        ("身份证３１０１０１１９９００３０７１２３Ｘ", "身份证310************23X"),
        ("310101 19900307 1234", "310************234"),
        ("第１号楼　二单元", "第1号楼 二单元"),
        ("一号楼　二单元", "一号楼　二单元"),
        ("网格310198006001001", "网格310198006001001"),
    ],
)
def test_a_number_is_found_however_it_was_typed(text: str, masked: str) -> None:
    assert mask_text(text) == masked
