"""Invented papers, one of every kind, that the tests set and read back."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hall.papers.content import (
    Acceptance,
    CorrectionNotice,
    Decision,
    Defect,
    DeliveryProof,
    DeliveryWay,
    ErrandReceipt,
    ExcludedTime,
    ExtensionNotice,
    MaterialForm,
    NotAccepted,
    NoticeMaterial,
    NotNeeded,
    OneTimeNotice,
    PackageChild,
    PackageNotice,
    Paper,
    Receipt,
    ReceivedMaterial,
    Remedies,
    SpecialProcedureNotice,
    Supplement,
    ToleranceNotice,
)
from hall.papers.head import Applicant, PaperHead
from hall.papers.wording import (
    BASIS_ACCEPTED,
    BASIS_CORRECTION,
    BASIS_DENIED,
    BASIS_EXTENSION,
    BASIS_GRANTED,
    BASIS_NOT_ACCEPTED,
    BASIS_NOT_NEEDED,
    BASIS_SPECIAL,
)

LONG_NAME = "买买提·吐尔逊·阿不都热依木"
UYGHUR_NAME = "مەمەت تۇرسۇن ئابدۇرېھىم"
CASE_NO = "652301012026112200100013"
ORGAN = "昌吉市市场监督管理局"
DAY = date(2026, 11, 22)
REMEDIES = Remedies("昌吉市人民政府", "昌吉市人民法院")


def head(title: str, kind: str = "受字", **changes: object) -> PaperHead:
    """A head with a number of this kind."""
    plain = PaperHead(
        ORGAN, title, f"昌市监{kind}〔2026〕第12号", DAY, CASE_NO, contact="市场监管综合窗口，0994-0000000"
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def applicant(name: str = LONG_NAME) -> Applicant:
    """A person who came with an agent."""
    return Applicant(
        name,
        "居民身份证",
        "652301199001010011",
        "13800000000",
        "新疆昌吉市示例路1号",
        "",
        "张𬭩",
        "652301198501010022",
        "13900000000",
    )


def applicant_alone() -> Applicant:
    """A person who came without an agent."""
    return replace(applicant(), agent_name="", agent_cert_no="", agent_phone="")


def received(count: int) -> tuple[ReceivedMaterial, ...]:
    """Materials with names of different length."""
    return tuple(
        ReceivedMaterial(
            f"第{n}项材料：" + "经营场所使用证明及设施布局图" * (1 + n % 4),
            tuple(MaterialForm)[n % 3],
            1 + n % 2,
            n,
            "核验后退回申请人" if n % 2 else "本窗口",
        )
        for n in range(1, count + 1)
    )


def notice_materials(count: int) -> tuple[NoticeMaterial, ...]:
    """Materials asked for."""
    return tuple(
        NoticeMaterial(
            f"材料{n}：" + "食品经营许可申请书" * (1 + n % 3),
            "原件1份、复印件2份",
            "申请人自备",
            "可容缺" if n % 5 == 0 else "须加盖公章，注明与原件一致",
        )
        for n in range(1, count + 1)
    )


def one_time_notice(count: int = 6) -> OneTimeNotice:
    """昌吉 附件2 with invented content."""
    return OneTimeNotice(
        replace(head("食品经营许可一次性告知清单"), number=None, case_no="", sample=True),
        "食品经营许可（示例）",
        "企业、个体工商户",
        ORGAN,
        (
            "取得营业执照。",
            "有与经营的食品品种、数量相适应的场所，并与有毒、有害场所保持规定的距离。",
            "有食品安全管理人员。",
        ),
        notice_materials(count),
        ("窗口收件", "受理", "现场核查", "决定", "出件"),
        "20个工作日",
        "5个工作日",
        "昌吉市政务服务中心一楼企业开办专区3号窗口",
        "工作日 10:00—14:00，15:30—19:30（北京时间）",
        "0994-0000000",
        "可以委托他人办理，委托人须出具授权委托书。",
        "不收费",
        ("面积在50平方米以下的，免予现场核查。", "连续两次核查不合格的，不予许可。"),
        ("食品经营许可申请书（窗口免费提供）",),
        ("食品经营许可申请书填写示范",),
    )


def receipt(count: int = 4) -> Receipt:
    """A filing at night."""
    return Receipt(
        head("收件凭证", "收字"),
        applicant(),
        "食品经营许可",
        received(count),
        datetime(2026, 11, 21, 14, 5, tzinfo=UTC),
        date(2026, 11, 23),
        "李某",
        "24小时自助区2号终端",
        "自收到材料之日起五个工作日内告知是否受理；不符合要求的，一次性告知需要补正的全部内容。",
        "凭办件编号在大厅自助机、综合窗口或者新疆政务服务网查询。",
    )


def acceptance() -> Acceptance:
    """An acceptance with everything that it can say."""
    return Acceptance(
        head("受理通知书"),
        applicant(),
        "食品经营许可（新办）",
        "11652301MB0000000K3000131001000",
        date(2026, 11, 20),
        DAY,
        "20个工作日",
        "5个工作日",
        date(2027, 1, 5),
        "不收费",
        "凭办件编号在大厅自助机查询",
        "自取：一楼出件窗口",
        BASIS_ACCEPTED,
        (ExcludedTime("检验", "10个工作日"), ExcludedTime("专家评审", "15个工作日")),
        (Supplement("健康证明", date(2026, 12, 1)),),
        True,
    )


def correction(count: int = 3) -> CorrectionNotice:
    """Several defects."""
    return CorrectionNotice(
        head("补正告知书", "补字"),
        applicant(),
        "食品经营许可",
        date(2026, 11, 20),
        tuple(
            Defect(
                f"材料{n}：场所使用证明",
                "未加盖公章，租赁期限已届满。" * (1 + n % 3),
                "提交在有效期内并加盖公章的租赁合同复印件。",
            )
            for n in range(1, count + 1)
        ),
        date(2026, 12, 4),
        "昌吉市政务服务中心任一综合窗口",
        "逾期未补正的，视为放弃本次申请，申请材料退回。",
        BASIS_CORRECTION,
    )


def package_notice() -> PackageNotice:
    """Three children that share a material."""
    shared = NoticeMaterial("营业执照", "复印件1份", "窗口共享核验")
    return PackageNotice(
        replace(head("“开餐馆”一件事一次性告知清单"), number=None, sample=True),
        "我要开餐馆",
        ORGAN,
        "企业、个体工商户",
        (
            PackageChild(
                "食品经营许可", ORGAN, "5个工作日", (shared, *notice_materials(3)), ("取得营业执照",)
            ),
            PackageChild("户外招牌设置", "昌吉市城市管理局", "3个工作日", (replace(shared, form="原件1份"),)),
            PackageChild("排水许可", "昌吉市住房和城乡建设局", "7个工作日", (shared,), (), "食品经营许可"),
        ),
        ("一窗收件", "并联审批", "统一出件"),
        "7个工作日",
        "一楼一件事窗口",
        "工作日 10:00—19:30",
        "0994-0000000",
        "",
    )


def every_paper() -> dict[str, Paper]:
    """One of each kind by a short name."""
    who = applicant()
    return {
        "one_time_notice": one_time_notice(),
        "package_notice": package_notice(),
        "receipt": receipt(),
        "errand_receipt": ErrandReceipt(
            head("补正材料接收凭证", "接字"),
            who,
            "食品经营许可",
            "补正材料",
            received(2),
            datetime(2026, 11, 22, 3, 0, tzinfo=UTC),
            "李某",
            "5号综合窗口",
            ORGAN,
            f"将转交{ORGAN}处理。",
            "凭办件编号在大厅自助机查询",
        ),
        "acceptance": acceptance(),
        "correction": correction(),
        "not_accepted": NotAccepted(
            head("不予受理决定书", "不受字"),
            who,
            "取水许可",
            DAY,
            "该事项不属于本机关职权范围。",
            BASIS_NOT_ACCEPTED,
            "昌吉市水利局",
            REMEDIES,
        ),
        "not_needed": NotNeeded(
            head("不受理告知书", "告字"),
            who,
            "销售食用农产品",
            DAY,
            "你（单位）拟销售食用农产品。",
            BASIS_NOT_NEEDED,
            "请依法办理营业登记后开展经营。",
        ),
        "granted": Decision(
            head("准予行政许可决定书", "准字"),
            True,
            who,
            "食品经营许可",
            date(2026, 11, 16),
            "申请人提交的材料齐全，现场核查合格。",
            BASIS_GRANTED,
            "从事热食类食品制售。",
            validity="2026年11月22日至2031年11月21日",
            licence_name="食品经营许可证",
            licence_no="JY26523010000000",
        ),
        "denied": Decision(
            head("不予行政许可决定书", "不准字"),
            False,
            applicant(f"{UYGHUR_NAME}（{LONG_NAME}）"),
            "食品经营许可",
            date(2026, 11, 16),
            "现场核查两次不合格。",
            BASIS_DENIED,
            "从事热食类食品制售。",
            reasons="经营场所与旱厕距离不足25米，不符合《食品经营许可和备案管理办法》规定的条件。",
            remedies=REMEDIES,
        ),
        "special_procedure": SpecialProcedureNotice(
            head("特别程序告知书", "特字"),
            who,
            "食品经营许可",
            date(2026, 11, 16),
            "检验",
            "需要对水样进行检验",
            DAY,
            "10个工作日",
            BASIS_SPECIAL,
        ),
        "extension": ExtensionNotice(
            head("延期决定通知书", "延字"),
            who,
            "食品经营许可",
            date(2026, 11, 2),
            "现场核查受天气影响推迟",
            10,
            DAY,
            date(2026, 12, 4),
            "本机关负责人",
            BASIS_EXTENSION,
        ),
        "tolerance": ToleranceNotice(
            head("容缺受理告知书", "容字"),
            who,
            "食品经营许可",
            (Supplement("健康证明", date(2026, 12, 1)), Supplement("设施布局图", date(2026, 12, 4))),
            "原件或者加盖公章的复印件，送任一综合窗口或者邮寄。",
            "逾期未补交的，本机关将终止办理并退回申请材料。",
        ),
        "delivery_proof": DeliveryProof(
            head("送达回证", "送字"),
            (("准予行政许可决定书", "昌市监准字〔2026〕第12号"), ("食品经营许可证", "")),
            LONG_NAME,
            "一楼出件窗口",
            DeliveryWay.DIRECT,
            ("李某", "王某某"),
        ),
    }


SEALED = frozenset(every_paper()) - {"one_time_notice", "package_notice"}
"""The papers on which a seal is due."""
